//! Chain evaluation as Windows does it, against the subject's stores and clock. Pure.
