package sluice.limiter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The part of a cluster that a key is in: CRC16 (XMODEM) of what is between its first braces, or of the whole key.
 *
 * @see <a href="https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#key-distribution-model">the specification</a>
 */
final class HashSlot {

    static final int COUNT = 16_384;

    private static final int POLYNOMIAL = 0x1021;

    private HashSlot() {}

    static int of(String key) {
        return crc16(tag(key).getBytes(UTF_8)) % COUNT;
    }

    private static String tag(String key) {
        var begin = key.indexOf('{') + 1;
        var end = begin == 0 ? -1 : key.indexOf('}', begin);
        return end > begin ? key.substring(begin, end) : key;
    }

    private static int crc16(byte[] bytes) {
        var crc = 0;
        for (var next : bytes) {
            crc ^= (next & 0xFF) << 8;
            for (var bit = 0; bit < Byte.SIZE; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ POLYNOMIAL;
            }
            crc &= 0xFFFF;
        }
        return crc;
    }
}
