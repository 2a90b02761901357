"""My space: what a citizen has submitted, what they are told, what is remembered, and for whom they act."""
