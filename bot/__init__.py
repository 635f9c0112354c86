"""The domain of Pluis in plain Python: it imports neither Rasa nor the SDK,
so that another dialogue engine could take Rasa's place behind one adapter."""
