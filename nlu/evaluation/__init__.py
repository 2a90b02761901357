"""``wenban eval nlu``: how well does our Rasa pipeline recognise intents that it is taught?"""
