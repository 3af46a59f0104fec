//! The rule book: one rule, one file, one list. The path is the code.

use crate::rule::Rule;

/// Every rule, in the order of the layers.
pub const ALL: &[&Rule] = &[];
