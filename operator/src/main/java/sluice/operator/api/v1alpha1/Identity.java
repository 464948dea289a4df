package sluice.operator.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who a caller is. */
public record Identity(@Nullable User user, List<String> trustedProxies, int ipv6Prefix) {}
