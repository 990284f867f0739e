//! Pages and routes: extractor, one use case, view
