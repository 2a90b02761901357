"""Service catalogue and Q&A base: schema, repository, encoder, index, search, calibration."""
