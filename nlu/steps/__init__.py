"""Single steps of normalisation, each a function from text to text or to findings."""
