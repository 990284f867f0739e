//! The packs beside the AVG's: what each says, when each judges, and how packs are put together.

mod cbw;
mod loading;
mod omnibus;
mod regimes;
mod wbp;
