"""The service engine: runs any declared service as a conversation; knows nothing of Rasa."""
