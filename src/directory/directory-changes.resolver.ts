import { Inject } from '@nestjs/common';
import { Args, Context, Info, Resolver } from '@nestjs/graphql';
import { type GraphQLResolveInfo } from 'graphql';
import { type GraphqlContext } from '../graphql/context.js';
import { compact, given, givenId } from '../graphql/given.js';
import { uuidOf } from '../graphql/ids.js';
import { Mutations } from '../graphql/mutations.js';
import { Change } from '../graphql/payloads.js';
import { AgenciesService } from './agencies.service.js';
import { type ContactCorrection, ContactsService } from './contacts.service.js';
import {
  AddAgencyInput,
  AddAgencyPayload,
  AddContactInput,
  AddContactPayload,
  CorrectContactInput,
  CorrectContactPayload,
  RecordLeavingInput,
  RecordLeavingPayload,
} from './directory-changes.type.js';
import { type NewPerson } from './new-people.service.js';

type Person = Pick<AddContactInput, 'name' | 'email' | 'phone' | 'mobile' | 'accessNeeds' | 'confirmed'>;

/** Changes to agencies and people. */
@Resolver()
export class DirectoryChangesResolver {
  constructor(
    @Inject(Mutations) private readonly mutations: Mutations,
    @Inject(AgenciesService) private readonly agencies: AgenciesService,
    @Inject(ContactsService) private readonly contacts: ContactsService,
  ) {}

  @Change(() => AddAgencyPayload, { description: 'Adds an agency to the directory.', policy: 'administer' })
  addAgency(
    @Args('input', { type: () => AddAgencyInput }) input: AddAgencyInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const { name, category, discipline, phone } = input;
      const added = await this.agencies.add(by, {
        name,
        category,
        discipline: discipline ?? null,
        phone: phone ?? null,
      });
      return { keys: { agency: added.id } };
    });
  }

  @Change(() => AddContactPayload, { description: 'Adds a person with the post they hold.', policy: 'administer' })
  addContact(
    @Args('input', { type: () => AddContactInput }) input: AddContactInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const { post, agency, postTitle, teamName, canDecide, fromOn } = input;
      const place = { postId: givenId('Post', post), agencyId: givenId('Agency', agency), postTitle, teamName };
      const added = await this.contacts.add(
        by,
        compact<NewPerson>({ ...personIn(input), ...place, canDecide, fromOn }),
      );
      return { keys: { contact: added.contactId } };
    });
  }

  @Change(() => CorrectContactPayload, { description: 'Puts a person’s particulars right.', policy: 'administer' })
  correctContact(
    @Args('input', { type: () => CorrectContactInput }) input: CorrectContactInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const id = uuidOf('Contact', input.contact);
      await this.contacts.correct(by, id, compact<ContactCorrection>(personIn(input)), given(input.version));
      return { keys: { contact: id } };
    });
  }

  @Change(() => RecordLeavingPayload, {
    description: 'Records that somebody has left: their posts end, and what they were asked is passed on.',
    policy: 'administer',
  })
  recordLeaving(
    @Args('input', { type: () => RecordLeavingInput }) input: RecordLeavingInput,
    @Context() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<object> {
    return this.mutations.run({ input, context, info }, async (by) => {
      const id = uuidOf('Contact', input.contact);
      await this.contacts.leave(by, id, given(input.version));
      return { keys: { contact: id } };
    });
  }
}

function personIn({ name, email, phone, mobile, accessNeeds, confirmed }: Person): Person {
  return { name, email, phone, mobile, accessNeeds, confirmed };
}
