//! Protocol events and threat lists to detections and cases
