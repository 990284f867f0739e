//! A made-up office: its traffic for the demo, the tests and the benches.
