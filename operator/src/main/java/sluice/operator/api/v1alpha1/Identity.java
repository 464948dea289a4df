package sluice.operator.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who a caller is: the user when known, else the client's address. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.user) || !has(self.user.header) || size(self.trustedProxies) > 0",
        fieldPath = ".trustedProxies",
        message = "spec.limiter.identity.trustedProxies: user.header is believed from trusted proxies only;"
                + " name at least one network, such as 10.0.0.0/8")
public record Identity(
        @JsonPropertyDescription(
                "Where the user's name is found. Without it, or when a request names none, a caller is its"
                        + " address.")
        @Nullable
        User user,

        @JsonPropertyDescription(
                "Networks, as CIDRs, whose forwarded addresses and headers are believed: load balancers,"
                        + " ingresses, the WAF.")
        @Default("[]")
        @Size(max = 32)
        @ValidationRule(
                value = "self.all(c, isCIDR(c) && cidr(c).prefixLength() > 0)",
                message =
                        "must be CIDRs such as 10.0.0.0/8 or fd00::/8, and not /0, which would let every caller choose its"
                                + " own address")
        List<@Size(min = 1, max = 49) String> trustedProxies,

        @JsonPropertyDescription("How many leading bits of an IPv6 address make one caller, 32 to 128.")
        @Default("64")
        @Min(32)
        @Max(128)
        Integer ipv6Prefix) {

    private static final int DEFAULT_IPV6_PREFIX = 64;

    public Identity {
        trustedProxies = List.copyOf(requireNonNullElseGet(trustedProxies, List::of));
        ipv6Prefix = requireNonNullElse(ipv6Prefix, DEFAULT_IPV6_PREFIX);
    }
}
