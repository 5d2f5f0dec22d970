package io.amends.dashboard.database;

import io.amends.outbox.schema.SagaSchema;
import java.util.List;

/** The console's own tables; they stand beside those of the runtime, whose scripts come first. */
public final class ConsoleSchema {

    /** The scripts. */
    public static final SagaSchema.Scripts SCRIPTS = new SagaSchema.Scripts(
            "io/amends/dashboard/schema",
            List.of(
                    "V4_001__console.sql",
                    "V4_002__alerts.sql",
                    "V4_003__retention.sql",
                    "V4_004__failure_groups.sql",
                    "V4_005__edits.sql",
                    "V4_006__told.sql",
                    "V4_007__views.sql",
                    "V4_008__mark.sql"));

    private ConsoleSchema() {}
}
