import { Field, InputType } from '@nestjs/graphql';

/** What every change has in common. */
@InputType({ isAbstract: true })
export abstract class ChangeInput {
  @Field(() => String, {
    nullable: true,
    description:
      'A key of your own, new for each change. Sent again with the same words, the change is answered as before and not done twice. Partners must send one.',
  })
  readonly clientMutationId?: string | null;
}
