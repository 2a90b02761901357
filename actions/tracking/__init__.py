"""What becomes of submitted matters: asked of the departments, kept for the citizen, told once."""
