//! `content/no-head`: HEAD is refused (405), as by a filter that lets only GET and POST pass.

use crate::layer::content::{ContentAct, ContentSeam, FileAsked};

/// The fault; it has no parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoHead;

impl ContentSeam for NoHead {
    fn on_file(&self, asked: &FileAsked<'_>) -> ContentAct {
        if asked.is_head { ContentAct::MethodNotAllowed } else { ContentAct::Proceed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_head_is_refused() {
        let act = |is_head| NoHead.on_file(&FileAsked { is_head, extension: "cab", honest: None });
        assert_eq!((act(true), act(false)), (ContentAct::MethodNotAllowed, ContentAct::Proceed));
    }
}
