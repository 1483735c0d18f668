package workshop;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import workshop.MyContainer.Made;

@Command(
        name = "catch-up",
        description = "Make my-container a step's solution, to go on from there; what you have written is kept aside.")
final class CatchUp extends MakeMine {
    @Parameters(paramLabel = "STEP", description = "The step whose solution is wanted, by its number.")
    int step;

    @Override
    int step() {
        return step;
    }

    @Override
    Made made() {
        return Made.SOLUTION;
    }

    @Override
    void print(int made) throws IOException {
        System.out.println(MyContainer.NAME + " is the solution of step " + made + " now.");
        System.out.println(
                "Next: " + (Steps.all().contains(made + 1) ? "./lab start " + (made + 1) : "./lab run mine sh"));
    }
}
