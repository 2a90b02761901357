"""``wenban eval all``: run every evaluation, keep its report, write ``docs/evaluation.md`` from the reports."""
