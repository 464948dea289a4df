package sluice.limiter.redis;

/** A server that was thought to be the master says that it is none. */
final class NotMasterException extends RuntimeException {}
