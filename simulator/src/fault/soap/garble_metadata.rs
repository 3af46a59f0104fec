//! `garble-metadata`: the metadata of the first revision of every answer ends in the middle.

use crate::seam::{Stage, Standing};
use crate::soap::message::Response;
use crate::soap::operation::get_update_data::UpdateDatum;
use crate::soap::seam::{Exchange, SoapAct, SoapSeam};

/// The fault; it has no parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GarbleMetadata;

impl SoapSeam for GarbleMetadata {
    fn before_encoding(&self, exchange: &Exchange<'_>) -> SoapAct {
        let Ok(Response::GetUpdateData(honest)) = exchange.outcome else { return SoapAct::Proceed };
        let mut garbled = honest.clone();
        let first = garbled.updates.first_mut().and_then(UpdateDatum::metadata_mut);
        let Some(first) = first else { return SoapAct::Proceed };
        first.xml = half(&first.xml).into();
        SoapAct::Answer(Box::new(Ok(Response::GetUpdateData(garbled))))
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing::at(Stage::Outcome).during(&["GetUpdateData"]))
    }
}

fn half(text: &str) -> &str {
    let middle = (0..=text.len() / 2).rev().find(|at| text.is_char_boundary(*at));
    &text[..middle.unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_a_text_ends_between_characters() {
        assert_eq!((half("<a/>"), half("\u{e4}\u{e4}\u{e4}"), half("")), ("<a", "\u{e4}", ""));
    }
}
