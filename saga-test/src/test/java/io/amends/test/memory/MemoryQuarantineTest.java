package io.amends.test.memory;

import io.amends.runtime.quarantine.Quarantine;
import io.amends.runtime.quarantine.Quarantine.Case;
import io.amends.test.conformance.QuarantineConformance;
import io.amends.test.conformance.QuarantineFixture;
import java.time.InstantSource;
import java.util.List;
import org.springframework.transaction.PlatformTransactionManager;

class MemoryQuarantineTest extends QuarantineConformance {

    @Override
    protected QuarantineFixture fixture() {
        MemoryDatabase database = new MemoryDatabase("service", InstantSource.system());
        MemoryQuarantine quarantine = new MemoryQuarantine(database);
        return new QuarantineFixture() {
            @Override
            public Quarantine quarantine() {
                return quarantine;
            }

            @Override
            public List<Case> committed() {
                return quarantine.all();
            }

            @Override
            public PlatformTransactionManager transactions() {
                return database.transactions();
            }
        };
    }
}
