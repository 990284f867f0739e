//! Capture files opened and unpacked; frames handed to wire
