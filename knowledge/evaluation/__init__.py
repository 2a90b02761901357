"""Evaluators: they judge the pipeline from outside, through the same code as chat."""
