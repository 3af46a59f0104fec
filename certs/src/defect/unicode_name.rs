//! `unicode-name`: an internationalized name stands in the leaf as it is read and not in its `xn--` form, in which alone clients
//! compare it (RFC 5280, 7.2).

use rcgen::CustomExtension;

use crate::der::{self, DNS_NAME, SEQUENCE};
use crate::deviation::Deviation;
use crate::leaf::Leaf;
use crate::names::{Names, distinguished_name};
use crate::punycode::in_unicode;

/// RFC 5280, 4.2.1.6: 2.5.29.17.
const SUBJECT_ALTERNATIVE_NAME: &[u64] = &[2, 5, 29, 17];

pub(super) struct UnicodeName;

impl Deviation for UnicodeName {
    fn lacks(&self, asked: &Names) -> Option<&'static str> {
        (!asked.dns.iter().any(|name| in_unicode(name).is_some_and(|unicode| can_be_permitted(&unicode))))
            .then_some("a name with an xn-- label and two ASCII labels behind it")
    }

    /// A constraint cannot be written in Unicode, so it names the domain above.
    fn permitted(&self, asked: &Names, names: &mut Names) {
        let above = asked.dns.iter().filter(|name| in_unicode(name).is_some());
        let above = above.filter_map(|name| Some(name.split_once('.')?.1.to_owned())).collect();
        names.extend(Names { dns: above, addresses: Vec::new() });
    }

    fn leaf(&self, leaf: &mut Leaf) {
        let unicode = leaf.asked.dns.iter().map(|name| in_unicode(name).unwrap_or_else(|| name.clone()));
        let names: Vec<u8> = unicode.flat_map(|name| der::value(DNS_NAME, name.as_bytes())).collect();
        let content = der::value(SEQUENCE, &names);
        leaf.params.subject_alt_names.clear();
        leaf.params.custom_extensions.push(CustomExtension::from_oid_content(SUBJECT_ALTERNATIVE_NAME, content));
        leaf.params.distinguished_name = distinguished_name("wsuslab server with an internationalized name");
    }
}

/// Whether the label in Unicode is the first only, and more than one follows.
fn can_be_permitted(unicode: &str) -> bool {
    unicode.split_once('.').is_some_and(|(_, domain)| domain.is_ascii() && domain.contains('.'))
}

#[cfg(test)]
mod tests {
    use crate::verifiers::{check, does_not_say};
    use crate::{Chain, Defect};

    #[test]
    fn a_name_in_unicode_is_not_the_encoded_one() {
        let request = Chain::good_for("xn--bcher-kva.corp.example").with(Defect::UnicodeName);
        does_not_say(&request, 0, "xn--");
        check(
            request,
            "xn--bcher-kva.corp.example",
            "openssl: 62 hostname mismatch at depth 0 · webpki: MalformedDnsIdentifier",
        );
    }

    #[test]
    fn the_encoded_name_is_good() {
        let request = Chain::good_for("xn--bcher-kva.corp.example");
        check(request, "xn--bcher-kva.corp.example", "openssl: ok · webpki: ok");
    }
}
