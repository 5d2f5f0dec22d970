package io.amends.dashboard.rest;

import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.ForTenants;
import io.amends.dashboard.access.Requires;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** Tells the routes of this interface, for programs. */
@RequestMapping("/api/v1")
public final class OpenApiController implements ConsoleController {

    private final byte[] document = document();

    /** Of this interface. */
    public OpenApiController() {}

    private static byte[] document() {
        try (InputStream file = OpenApiController.class.getResourceAsStream("openapi.json")) {
            return Objects.requireNonNull(file, "openapi.json").readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException("openapi.json can't be read from the jar", broken);
        }
    }

    @GetMapping("/openapi.json")
    @Requires(ConsolePermission.VIEW)
    @ForTenants("has no data in it")
    ResponseEntity<byte[]> openApi() {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(document);
    }
}
