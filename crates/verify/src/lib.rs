//! Checks an export offline; shares no code with the writer, on purpose
