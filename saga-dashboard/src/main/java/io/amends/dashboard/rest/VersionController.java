package io.amends.dashboard.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.amends.dashboard.access.ConsolePermission;
import io.amends.dashboard.access.Requires;
import io.amends.dashboard.refresh.Shared;
import io.amends.dashboard.versions.VersionLine;
import io.amends.dashboard.versions.Versions;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** The definitions' versions, and how far each is drained. */
@RequestMapping("/api/v1")
public final class VersionController implements ConsoleController {

    private final Versions versions;

    /** Of those. */
    public VersionController(Versions versions) {
        this.versions = versions;
    }

    record VersionsAnswer(List<VersionRow> versions) {}

    record VersionRow(@JsonUnwrapped VersionLine line, long unfinished, boolean safeToRemove) {}

    @GetMapping("/versions")
    @Shared
    @Requires(ConsolePermission.VIEW)
    VersionsAnswer versions() {
        return new VersionsAnswer(versions.all().stream()
                .map(line -> new VersionRow(line, line.unfinished(), line.isSafeToRemove()))
                .toList());
    }
}
