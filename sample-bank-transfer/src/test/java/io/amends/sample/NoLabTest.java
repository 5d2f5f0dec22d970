package io.amends.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.sample.Api.Answer;
import io.amends.sample.bank.BankService;
import io.amends.sample.lab.switches.LabSwitches;
import io.amends.sample.transfer.TransferService;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Without being asked for, nothing of the failure lab is in a role. */
class NoLabTest {

    private final Installation installation = Installation.shared();
    private final List<URI> roles =
            List.of(installation.transfer.uri(), installation.bankA.uri(), installation.bankB.uri());

    @Test
    void no_role_serves_the_page_or_takes_its_requests() {
        for (URI role : roles) {
            for (String path : List.of("/lab", "/lab.js", "/lab.css", "/page/index.html", "/state", "/faults")) {
                assertThat(Api.get(role, path).status()).as("%s%s", role, path).isEqualTo(404);
            }
            for (String path : List.of("/load", "/faults/bank-b-stopped", "/lab/faults/bank-b-stopped")) {
                assertThat(Api.post(role, path, Map.of("on", true)).status())
                        .as("%s%s", role, path)
                        .isEqualTo(404);
            }
        }
    }

    @Test
    void no_role_has_a_bean_of_it() {
        for (URI role : roles) {
            Answer beans = Api.get(role, "/actuator/beans");
            assertThat(beans.status()).isEqualTo(200);
            assertThat(beans.body().toString()).contains("io.amends.sample.").doesNotContain("io.amends.sample.lab");
        }
        assertThat(Api.get(installation.transfer.uri(), "/actuator/beans")
                        .body()
                        .toString())
                .contains("io.amends.twopc.JdbcDecisionLog");
    }

    @Test
    void the_switches_are_part_of_the_transfer_role_only_where_their_folder_is_named() {
        String[] asked = {"--role=transfer", "--" + LabSwitches.FOLDER + "=/tmp/lab"};
        String[] notAsked = {"--role=transfer", "--lab"};

        assertThat(BankTransferApplication.sources(TransferService.class, asked))
                .containsExactly(TransferService.class, LabSwitches.class);
        assertThat(BankTransferApplication.sources(TransferService.class, notAsked))
                .containsExactly(TransferService.class);
        assertThat(BankTransferApplication.sources(BankService.class, asked)).containsExactly(BankService.class);
    }
}
