package sluice.operator.api.v1alpha1;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which requests a limit counts; all that is given must hold. */
public record Match(
        @Nullable String path, @Nullable String pathPrefix, List<String> methods, Map<String, String> headers) {}
