//! What a code, an F-number, an HRESULT, an event id or a piece of exception text means.
