//! Capture files: pcap and pcapng, packed or not, and the frames in them followed to their events.
#![no_main]

use fuzz::Made;
use libfuzzer_sys::fuzz_target;
use wire::LinkType;

fuzz_target!(|input: &[u8]| {
    let mut frames = Vec::new();
    let mut link = LinkType::RawIp;
    let reading = capture::read_frames(input, &mut |frame| {
        assert!(frame.wire_length as usize >= frame.bytes.len(), "no frame is kept longer than it was");
        link = frame.link;
        frames.push(Made { at: frame.at, bytes: frame.bytes.to_vec() });
        None
    });
    if let Ok(reading) = reading {
        assert_eq!(reading.frames, frames.len() as u64, "every frame that was handed on is counted");
        fuzz::follow(link, &frames, &fuzz::tight());
    }
});
