"""Components of ours that run inside Rasa; import them only in Rasa's environment."""
