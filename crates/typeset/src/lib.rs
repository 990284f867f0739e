//! Document tree to PDF
