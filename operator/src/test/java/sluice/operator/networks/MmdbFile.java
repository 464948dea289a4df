package sluice.operator.networks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes small files of the MaxMind DB format, with what tests say of networks. IPv4 is in the IPv6 tree, at {@code ::/96}, as in MaxMind's own
 * files.
 *
 * @see <a href="https://maxmind.github.io/MaxMind-DB/">MaxMind DB file format, 2.0</a>
 */
public final class MmdbFile {

    private static final int EMPTY = -1;
    /** Between the tree and the data; offsets into the data begin behind it. */
    private static final int SEPARATOR = 16;

    private final String type;
    /** Each node's two records: another node, {@link #EMPTY}, or below that -2 - an offset in the data. */
    private final List<int[]> nodes = new ArrayList<>(List.of(new int[] {EMPTY, EMPTY}));

    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    /** Of a type such as {@code GeoLite2-ASN}. */
    public MmdbFile(String type) {
        this.type = type;
    }

    /** Says whose a network is, such as {@code 192.0.2.0/24} or {@code 2001:db8::/32}. Networks must not overlap. */
    public MmdbFile asn(String network, long number, String organization) {
        return entry(
                network,
                new TreeMap<>(
                        Map.of("autonomous_system_number", number, "autonomous_system_organization", organization)));
    }

    MmdbFile entry(String network, Map<String, ?> entry) {
        var parts = network.split("/", 2);
        var address = InetAddress.ofLiteral(parts[0]).getAddress();
        var prefix = Integer.parseInt(parts[1]) + (address.length == 4 ? 96 : 0);
        var bits = ByteBuffer.allocate(16).put(16 - address.length, address).array();
        var node = nodes.getFirst();
        for (var i = 0; i < prefix - 1; i++) {
            var side = bit(bits, i);
            if (node[side] == EMPTY) {
                node[side] = nodes.size();
                nodes.add(new int[] {EMPTY, EMPTY});
            }
            node = nodes.get(node[side]);
        }
        node[bit(bits, prefix - 1)] = -2 - data.size();
        write(data, entry);
        return this;
    }

    private static int bit(byte[] bits, int index) {
        return bits[index / 8] >> (7 - index % 8) & 1;
    }

    /** The file's content, the same for the same networks. */
    public byte[] bytes() {
        var file = new ByteArrayOutputStream();
        for (var node : nodes) {
            for (var record : node) {
                file.writeBytes(
                        ByteBuffer.allocate(4).putInt(0, recordOf(record)).array());
            }
        }
        file.writeBytes(new byte[SEPARATOR]);
        file.writeBytes(data.toByteArray());
        file.writeBytes("\u00ab\u00cd\u00efMaxMind.com".getBytes(ISO_8859_1));
        write(
                file,
                new TreeMap<>(Map.of(
                        "binary_format_major_version",
                        (short) 2,
                        "binary_format_minor_version",
                        (short) 0,
                        "build_epoch",
                        BigInteger.valueOf(1_767_225_600),
                        "database_type",
                        type,
                        "description",
                        Map.of("en", "Written by a test"),
                        "ip_version",
                        (short) 6,
                        "languages",
                        List.of("en"),
                        "node_count",
                        nodes.size(),
                        "record_size",
                        (short) 32)));
        return file.toByteArray();
    }

    private int recordOf(int record) {
        return record >= 0 ? record : record == EMPTY ? nodes.size() : nodes.size() + SEPARATOR - 2 - record;
    }

    private static void write(ByteArrayOutputStream out, Object value) {
        switch (value) {
            case Map<?, ?> map -> {
                control(out, 7, map.size());
                map.forEach((key, each) -> {
                    write(out, key);
                    write(out, each);
                });
            }
            case String text -> {
                var bytes = text.getBytes(UTF_8);
                control(out, 2, bytes.length);
                out.writeBytes(bytes);
            }
            case Short number -> unsigned(out, 5, 2, number);
            case Integer number -> unsigned(out, 6, 4, number);
            case Long number -> unsigned(out, 6, 4, number);
            case BigInteger number -> unsigned(out, 9, 8, number.longValue());
            case List<?> list -> {
                control(out, 11, list.size());
                list.forEach(each -> write(out, each));
            }
            default -> throw new IllegalArgumentException("cannot write " + value);
        }
    }

    private static void unsigned(ByteArrayOutputStream out, int kind, int size, long value) {
        control(out, kind, size);
        out.write(ByteBuffer.allocate(8).putLong(0, value).array(), 8 - size, size);
    }

    /** The type in three bits or, from 8 on, in a byte of its own; the size in five bits, or from 29 to 284 in another byte. */
    private static void control(ByteArrayOutputStream out, int kind, int size) {
        if (size > 284) {
            throw new IllegalArgumentException("longer than this writer needs: " + size);
        }
        out.write((kind < 8 ? kind << 5 : 0) | Math.min(size, 29));
        if (kind >= 8) {
            out.write(kind - 7);
        }
        if (size >= 29) {
            out.write(size - 29);
        }
    }
}
