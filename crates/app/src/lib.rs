//! One file per use case, and the ports they need
