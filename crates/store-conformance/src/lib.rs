//! What every store must do, generic over the ports
