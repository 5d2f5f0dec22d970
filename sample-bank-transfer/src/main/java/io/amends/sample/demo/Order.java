package io.amends.sample.demo;

import java.util.Map;

/**
 * A transfer that the demo asks for, as the text it sends: wrong fields are the services' to refuse.
 *
 * @param line its line in the file, 0 if it was made up
 * @param precheck whether unknown accounts are refused at the door
 */
record Order(
        String transferId,
        String fromBank,
        String fromAccount,
        String toBank,
        String toAccount,
        String amount,
        long line,
        boolean precheck) {

    Map<String, String> body() {
        return Map.of(
                "transferId", transferId,
                "fromBank", fromBank,
                "fromAccount", fromAccount,
                "toBank", toBank,
                "toAccount", toAccount,
                "amount", amount);
    }
}
