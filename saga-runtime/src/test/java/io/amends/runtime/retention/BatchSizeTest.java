package io.amends.runtime.retention;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BatchSizeTest {

    private final BatchSize size = new BatchSize(500);

    @Test
    void it_is_halved_down_to_one_row() {
        int times = 0;
        while (size.shrink()) {
            times++;
        }

        assertThat(size.now()).isEqualTo(1);
        assertThat(times).isEqualTo(8);
    }

    @Test
    void it_grows_back_while_all_goes_well_and_not_beyond_what_was_set() {
        size.shrink();
        size.shrink();
        for (int i = 0; i < 8; i++) {
            assertThat(size.now()).isEqualTo(125);
            size.wentWell();
        }
        assertThat(size.now()).isEqualTo(250);
        for (int i = 0; i < 20; i++) {
            size.wentWell();
        }
        assertThat(size.now()).isEqualTo(500);
    }
}
