//! The rule book: one rule, one file, one list. The path is the code.

mod content;
mod dns;
mod http;
mod proxy;
mod server;
mod soap;
mod tcp;
mod tls;

use crate::rule::Rule;

/// Every rule, in the order of the layers.
pub const ALL: &[&Rule] = &[
    &server::configuration_unusable::RULE,
    &server::decommissioned_endpoint::RULE,
    &server::deprecated_endpoint::RULE,
    &server::update_url_not_https::RULE,
    &server::update_url_untidy::RULE,
    &server::clock_wrong::RULE,
    &server::intermediate_in_trusted_root::RULE,
    &server::sha2_unaware::RULE,
    &dns::name_not_found::RULE,
    &tcp::connection_refused::RULE,
    &tcp::no_answer::RULE,
    &tcp::reset_on_server_name::RULE,
    &proxy::name_not_found::RULE,
    &proxy::connection_refused::RULE,
    &proxy::no_answer::RULE,
    &proxy::authentication_required::RULE,
    &proxy::credentials_unused::RULE,
    &proxy::credentials_rejected::RULE,
    &proxy::scheme_not_allowed::RULE,
    &proxy::connect_denied::RULE,
    &proxy::target_unreachable::RULE,
    &tls::interception::RULE,
    &tls::no_protocol_enabled::RULE,
    &tls::client_certificate_required::RULE,
    &tls::client_version_too_old::RULE,
    &tls::server_version_too_old::RULE,
    &tls::server_requires_tls13::RULE,
    &tls::unusable_key::RULE,
    &tls::dh_group_too_short::RULE,
    &tls::no_common_cipher::RULE,
    &tls::handshake_refused::RULE,
    &tls::no_certificate::RULE,
    &tls::port_speaks_http::RULE,
    &tls::port_speaks_neither::RULE,
    &tls::certificate_too_long::RULE,
    &tls::incomplete_chain::RULE,
    &tls::issuer_needs_winhttp_proxy::RULE,
    &tls::untrusted_root::RULE,
    &tls::self_signed::RULE,
    &tls::invalid_chain::RULE,
    &tls::not_yet_valid::RULE,
    &tls::expired::RULE,
    &tls::wrong_usage::RULE,
    &tls::weak_certificate::RULE,
    &tls::wrong_host::RULE,
    &tls::import_path_strong_crypto::RULE,
    &http::port_expects_tls::RULE,
    &http::service_unavailable::RULE,
    &http::unauthorized::RULE,
    &http::forbidden::RULE,
    &http::not_found::RULE,
    &http::method_not_allowed::RULE,
    &http::request_too_large::RULE,
    &http::html_instead_of_soap::RULE,
    &http::unrequested_encoding::RULE,
    &soap::incompatible_protocol_version::RULE,
    &soap::upstream_too_old::RULE,
    &soap::server_fault::RULE,
    &soap::metadata_incomplete::RULE,
    &soap::metadata_unreadable::RULE,
    &soap::file_list_incomplete::RULE,
    &soap::sha256_missing::RULE,
    &soap::decryption_key_missing::RULE,
    &soap::replica_approval_unknown::RULE,
    &content::no_answer::RULE,
    &content::refused::RULE,
    &content::missing::RULE,
    &content::licence_missing::RULE,
    &content::head_refused::RULE,
    &content::ranges_ignored::RULE,
    &content::differs::RULE,
];

#[cfg(test)]
mod tests {
    use super::ALL;
    use crate::rule::Outcome;
    use crate::testing;

    #[test]
    fn no_rule_finds_anything_on_a_healthy_path() {
        for evidence in testing::healthy() {
            for rule in ALL {
                let outcome = (rule.check)(&evidence);
                let quiet = matches!(outcome, Outcome::DoesNotApply | Outcome::RuledOut(_));
                assert!(quiet, "{}: {}", rule.code, testing::said(&outcome));
            }
        }
    }

    #[test]
    fn every_rule_is_documented() {
        for rule in ALL {
            assert!(200 < rule.explanation.len(), "{} explains too little", rule.code);
            assert!(!rule.title.is_empty() && !rule.citation.is_empty(), "{}", rule.code);
            assert!(!rule.first_check.is_empty() && !rule.modes.is_empty(), "{}", rule.code);
            assert!(!rule.remedy.is_empty(), "{} has no remedy", rule.code);
        }
    }

    #[test]
    fn no_remedy_puts_an_intermediate_into_trusted_root() {
        for action in ALL.iter().flat_map(|rule| rule.remedy) {
            let command = action.command.to_ascii_lowercase();
            assert!(!(command.contains("addstore root") && command.contains("intermediate")), "{command}");
        }
    }
}
