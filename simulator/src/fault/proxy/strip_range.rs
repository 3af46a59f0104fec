//! `proxy/strip-range`: requests in clear are sent on without their field `Range`, as by a proxy that wants to scan whole files.

use crate::layer::proxy::{ForwardAct, ProxySeam};

/// The fault; it has no parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StripRange;

impl ProxySeam for StripRange {
    fn on_forward(&self, has: &dyn Fn(&str) -> bool) -> ForwardAct {
        if has("Range") { ForwardAct::Without("Range") } else { ForwardAct::Proceed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_request_with_the_field_is_changed() {
        assert_eq!(StripRange.on_forward(&|name| name == "Range"), ForwardAct::Without("Range"));
        assert_eq!(StripRange.on_forward(&|_| false), ForwardAct::Proceed);
    }
}
