package sluice.limiter.redis;

/** The sentinels watch no master of the name that the Secret gives. */
final class UnknownMasterException extends RuntimeException {}
