"""The words and the values everything else speaks in; pure, imports nothing of datong's own."""
