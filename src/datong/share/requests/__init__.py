"""Requests and agreements: asked for, checked once, reviewed by both sides, agreed, delivered, watched, taken back."""
