//! `http/pool-stopped`: the application pool does not run, and HTTP.SYS answers 503 in its place (F-47).

use crate::layer::http::{HeadAct, HttpSeam, kernel_page};
use crate::seam::{Stage, Standing};

/// The fault; it has no parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PoolStopped;

impl HttpSeam for PoolStopped {
    fn on_head(&self) -> HeadAct {
        HeadAct::Answer(kernel_page::SERVICE_UNAVAILABLE)
    }

    fn standing(&self) -> Option<Standing> {
        Some(Standing::end(Stage::Head))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_answers_and_not_iis() {
        let HeadAct::Answer(page) = PoolStopped.on_head() else { panic!("it proceeded") };
        assert_eq!((page.status, page.title), (503, "Service Unavailable"));
    }
}
