package workshop;

import java.io.IOException;
import picocli.CommandLine.Command;
import workshop.MyContainer.Made;

@Command(name = "reset", description = "Begin the step that you are at once more; what you have written is kept aside.")
final class Reset extends MakeMine {
    @Override
    int step() throws IOException {
        return mine.step();
    }

    @Override
    Made made() {
        return Made.SKELETON;
    }

    @Override
    void print(int step) throws IOException {
        Start.print(mine, step);
    }
}
