package sluice.limiter.identity;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** MurmurHash3, the 32-bit x86 variant with seed 0, by Austin Appleby (public domain). */
final class Murmur3 {

    private static final VarHandle LITTLE_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private Murmur3() {}

    static int hash32(byte[] data) {
        var hash = 0;
        var blocks = data.length & ~3;
        for (var at = 0; at < blocks; at += 4) {
            hash = Integer.rotateLeft(hash ^ mixed((int) LITTLE_ENDIAN.get(data, at)), 13) * 5 + 0xe6546b64;
        }
        var tail = 0;
        for (var at = data.length - 1; at >= blocks; at--) {
            tail = (tail << 8) | (data[at] & 0xff);
        }
        return avalanche(hash ^ mixed(tail) ^ data.length);
    }

    private static int mixed(int block) {
        return Integer.rotateLeft(block * 0xcc9e2d51, 15) * 0x1b873593;
    }

    private static int avalanche(int hash) {
        var h = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        return h ^ (h >>> 16);
    }
}
