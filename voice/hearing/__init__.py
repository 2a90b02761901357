"""Speech in: any recording to text, through an engine in a supervised worker."""
