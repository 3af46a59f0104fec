//! What a web server of the world must offer, so that the addresses in its certificates lead to something.

use rcgen::SerialNumber;

use crate::leaf::Leaf;

/// A file at an address that certificates of the world point to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Where the certificates say that it is.
    pub url: String,
    /// `application/pkix-cert` (RFC 5280, 4.2.2.1) or `application/pkix-crl` (RFC 5280, 4.2.1.13).
    pub content_type: &'static str,
    /// DER.
    pub body: Vec<u8>,
}

/// What the leaves of one issuer say so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) revoked: Vec<SerialNumber>,
    pub(crate) aia: Vec<String>,
    pub(crate) crl: Vec<String>,
}

impl Ledger {
    pub(crate) fn enter(&mut self, leaf: &Leaf) {
        if leaf.revoked {
            self.revoked.extend(leaf.params.serial_number.clone());
        }
        for (pointer, urls) in [(&leaf.aia, &mut self.aia), (&leaf.crl, &mut self.crl)] {
            if let Some(pointer) = pointer.as_ref().filter(|pointer| pointer.leads_somewhere) {
                urls.push(pointer.url.clone());
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
mod tests {
    use openssl::x509::{X509, X509Crl};

    use super::*;
    use crate::verifiers::{NOW, judged_with_list};
    use crate::{Authority, Chain, Defect, KeyPool, Request};

    const NAME: &str = "wsus.corp.example";
    const LIST: &str = "http://pki.corp.example/issuer.crl";

    #[test]
    fn nothing_is_published_that_no_certificate_points_to() {
        assert_eq!(published(&[Chain::good_for(NAME)]).1, []);
        for defect in [Defect::CrlUnreachable, Defect::IncompleteChainAiaDead] {
            assert_eq!(published(&[Chain::good_for(NAME).with(defect)]).1, [], "{defect}");
            // The other address leads somewhere.
            let given = Chain::good_for(NAME).aia("http://a.example/i").crl("http://a.example/l").with(defect);
            assert_eq!(published(&[given]).1.len(), 1, "{defect}");
        }
    }

    #[test]
    fn a_missing_intermediate_is_found_where_the_leaf_says() {
        let aia = "http://crt.corp.example:8080/ca.cer";
        for (request, url) in [
            (Chain::good_for(NAME).with(Defect::IncompleteChainAia), "http://pki.corp.example/issuer.cer"),
            (Chain::good_for(NAME).aia(aia).with(Defect::IncompleteChainAia), aia),
            (Chain::good_for(NAME).aia(aia).with(Defect::IncompleteChain), aia),
        ] {
            let (chains, published, authority) = published(&[request]);
            assert_eq!(chains[0].certificates().len(), 1);
            let leaf = X509::from_der(chains[0].leaf()).unwrap();
            let access = leaf.authority_info().unwrap();
            assert_eq!(access[0].location().uri(), Some(url));
            assert_eq!((published[0].url.as_str(), published[0].content_type), (url, "application/pkix-cert"));
            assert_eq!(published[0].body, authority.trust().unwrap().organisation_intermediate);
        }
    }

    #[test]
    fn whoever_asks_for_the_list_sees_the_revocation() {
        let (chains, published, authority) = published(&[
            Chain::good_for(NAME).with(Defect::Revoked),
            Chain::good_for(NAME).crl(LIST),
            Chain::good_for(NAME).crl(LIST).key(crate::KeyType::Rsa2048),
        ]);
        let [list] = &published[..] else { panic!("{published:?}") };
        assert_eq!((list.url.as_str(), list.content_type), (LIST, "application/pkix-crl"));
        let root = authority.trust().unwrap().organisation_root;
        let judged = |chain| judged_with_list(chain, &root, NAME, &list.body);
        assert_eq!(judged(&chains[0]), "openssl: revoked · webpki: Revoked");
        assert_eq!(judged(&chains[1]), "openssl: ok · webpki: ok");
        assert_eq!(judged(&chains[2]), "openssl: ok · webpki: ok");
    }

    #[test]
    fn a_list_covers_the_time_of_the_world() {
        let (_, published, _) = published(&[Chain::good_for(NAME).crl(LIST)]);
        let list = X509Crl::from_der(&published[0].body).unwrap();
        let dates = format!("{} to {}", list.last_update(), list.next_update().unwrap());
        assert_eq!(dates, "Feb 28 12:00:00 2026 GMT to Mar  7 12:00:00 2026 GMT");
        assert!(list.get_revoked().is_none());
    }

    #[test]
    fn two_issuers_cannot_publish_under_one_address() {
        let requests = [Chain::good_for(NAME).crl(LIST), Chain::good_for(NAME).crl(LIST).with(Defect::Ecc384)];
        let authority = Authority::mint_for(&requests, NOW).unwrap();
        assert!(authority.published().unwrap().is_empty());
        for request in requests.into_iter().rev() {
            authority.issue(request, &KeyPool::default()).unwrap();
        }
        let refused = authority.published().unwrap_err().to_string();
        assert_eq!(refused, format!("two different files would have to be served at `{LIST}`"));
    }

    fn published(requests: &[Request]) -> (Vec<Chain>, Vec<Published>, Authority) {
        let authority = Authority::mint_for(requests, NOW).unwrap();
        let issue = |request: &Request| authority.issue(request.clone(), &KeyPool::default()).unwrap();
        let chains = requests.iter().map(issue).collect();
        let published = authority.published().unwrap();
        (chains, published, authority)
    }
}
