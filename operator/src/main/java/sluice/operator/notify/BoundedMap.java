package sluice.operator.notify;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A map for several threads that forgets its oldest entries. */
final class BoundedMap<K, V> extends LinkedHashMap<K, V> {

    private static final long serialVersionUID = 1L;

    private final int most;

    private BoundedMap(int most) {
        this.most = most;
    }

    static <K, V> Map<K, V> of(int most) {
        return Collections.synchronizedMap(new BoundedMap<>(most));
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
    }
}
