package io.amends.dashboard.stuck;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AgeBucketTest {

    @Test
    void a_limit_belongs_to_the_longer_one() {
        assertThat(AgeBucket.of(Duration.ofSeconds(-1))).isEqualTo(AgeBucket.MINUTES);
        assertThat(AgeBucket.of(Duration.ofSeconds(299))).isEqualTo(AgeBucket.MINUTES);
        assertThat(AgeBucket.of(Duration.ofSeconds(300))).isEqualTo(AgeBucket.HOUR);
        assertThat(AgeBucket.of(Duration.ofHours(1))).isEqualTo(AgeBucket.DAY);
        assertThat(AgeBucket.of(Duration.ofDays(1))).isEqualTo(AgeBucket.LONGER);
    }

    @Test
    void the_database_counts_by_the_same_limits() {
        assertThat(AgeBucket.sql("x"))
                .isEqualTo(
                        "(array['MINUTES', 'HOUR', 'DAY', 'LONGER'])[1 + width_bucket(x, array[300, 3600, 86400]::numeric[])]");
    }
}
