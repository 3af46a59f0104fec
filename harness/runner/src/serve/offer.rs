//! What the servers of a world offer where the user says so: a real server's package, or generated updates.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use simulator::catalogue::Catalogue;
use simulator::catalogue::export::ExportCatalogue;
use simulator::catalogue::generated::Generated;
use simulator::world;

use crate::failure::{Failure, with_sources};

/// A catalogue, named but not opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// A package of `wsusutil export`.
    Package(PathBuf),
    /// `generated:SEED:SIZE`.
    Generated(world::Generated),
}

impl FromStr for Offer {
    type Err = String;

    fn from_str(text: &str) -> Result<Offer, String> {
        let Some(numbers) = text.strip_prefix("generated:") else { return Ok(Offer::Package(text.into())) };
        let pair = numbers.split_once(':').and_then(|(seed, size)| Some((seed.parse().ok()?, size.parse().ok()?)));
        match pair {
            Some((seed, size)) if size <= world::Generated::LARGEST => {
                Ok(Offer::Generated(world::Generated { seed, size }))
            }
            _ => Err(format!(
                "expected generated:SEED:SIZE with two numbers, the second at most {}",
                world::Generated::LARGEST
            )),
        }
    }
}

impl Offer {
    /// The catalogue; what is wrong with a package is named with its record.
    pub(super) fn open(&self) -> Result<Arc<dyn Catalogue>, Failure> {
        match self {
            Offer::Generated(world::Generated { seed, size }) => Ok(Arc::new(Generated::new(*seed, *size))),
            Offer::Package(path) => match ExportCatalogue::open(path) {
                Ok(catalogue) => Ok(Arc::new(catalogue)),
                Err(error) => Err(Failure::input_with_help(
                    format!("{}: {}", path.display(), with_sources(&error)),
                    "expected a package that `wsusutil export` wrote",
                )),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_generated_is_the_path_of_a_package() {
        check("export.cab", Ok(Offer::Package("export.cab".into())));
        check("./generated:1:2", Ok(Offer::Package("./generated:1:2".into())));
    }

    #[test]
    fn a_generated_catalogue_has_a_seed_and_a_size() {
        check("generated:7:1000000", Ok(Offer::Generated(world::Generated { seed: 7, size: 1_000_000 })));
    }

    #[test]
    fn a_generated_catalogue_without_two_good_numbers_is_refused() {
        for text in ["generated:", "generated:7", "generated:7:", "generated:7:-1", "generated:7:10000001"] {
            let message = "expected generated:SEED:SIZE with two numbers, the second at most 10000000";
            check(text, Err(message.to_owned()));
        }
    }

    fn check(text: &str, expected: Result<Offer, String>) {
        assert_eq!(text.parse(), expected, "{text}");
    }
}
