//! The local cloud: emulator, Redis, edge, and their life cycle.
