"""A believable city with known truth: the departments' files, with every known trouble."""
