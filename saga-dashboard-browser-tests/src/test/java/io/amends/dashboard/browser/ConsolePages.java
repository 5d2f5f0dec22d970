package io.amends.dashboard.browser;

import java.util.List;

/** The addresses of all pages, below the console's path, as the canned answers have something to show on each. */
final class ConsolePages {

    static final String SAGA = "sagas/01939c5a-1111-7000-8000-000000000001";

    static final List<String> ALL = List.of(
            "stuck",
            "groups",
            "sagas",
            "sagas?q=phase:STUCK",
            SAGA,
            "outbox",
            "messages",
            "in-doubt",
            "versions",
            "charts",
            "audit",
            "runs",
            "runs/new?q=phase:STUCK",
            "runs/01939c5a-4444-7000-8000-000000000001",
            "approvals",
            "approvals/01939c5a-3333-7000-8000-000000000001");

    private ConsolePages() {}
}
