//! From the case file to the AP report and letters, as a document tree, text and JSON
